"""Tests of the exits."""
