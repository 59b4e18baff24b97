"""The sandbox host: one gRPC process, one zygote, one confined process tree an execution."""

VERSION = '0.1.0'
