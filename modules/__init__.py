"""Orion's modules. Being a regular package, this folder alone is `modules`, whatever else is on the path."""
