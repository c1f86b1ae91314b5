"""Triage: question trees of our own as text, what is wrong with one, and an interview along one.

A tree stays locked until a medical director has signed the very text that is used.
"""
