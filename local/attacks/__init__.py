"""Measurements of what attacks cost: hostile pictures, and telling accounts apart by time."""
