"""Makes seeded bugs of programs and tests that others wrote. Their text is read here; whatever of it is executed runs in
the sandbox."""
