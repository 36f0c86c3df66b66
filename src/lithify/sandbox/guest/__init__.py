"""What runs inside the zygote and its workers. It stands alone: nothing here imports the rest of the project.

Only `wire` and `shared` are used by the host as well. Nothing in this package is trusted by the host once a worker
has read its first cell.
"""
