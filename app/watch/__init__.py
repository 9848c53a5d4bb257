"""Watch: show one world week by week, and explain what the actors did."""
