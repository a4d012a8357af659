"""Servers that stand in for services of others, speaking their protocol over real sockets."""
