"""From estimates to what people see."""
