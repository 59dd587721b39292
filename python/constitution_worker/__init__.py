"""The Python side of vitest-constitution: runs pipelines for the test run that asks for them.

Pipelines may import two modules: `constitution_worker.stages` (name the steps of a run) and
`constitution_worker.sandbox` (execute code written by an LM). Both need the standard library only.
"""

PROTOCOL_VERSION = 1
"""Version of the messages on the socket; `src/bridge/protocol.ts` holds the same number."""
