"""What runs inside of the sandbox beside a project's tests: it watches which calls they make and what they expect.

These modules are put into the sandbox as files and import nothing but the standard library and each other.
"""
