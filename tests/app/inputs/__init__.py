"""Tests of app/inputs."""
