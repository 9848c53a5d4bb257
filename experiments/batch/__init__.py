"""Run studies of many worlds in chunks, in parallel and with restarts."""
