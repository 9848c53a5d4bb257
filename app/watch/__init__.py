"""Watch: one world by weeks, told and drawn, and why people did what they did."""
