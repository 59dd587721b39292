"""One module an optimizer, named as `optimize --optimizer` has it: `run(setup)` looks for a better program, and leaves
what it finds in the folder of the setup."""
