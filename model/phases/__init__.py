"""The phases of a week, one file each: they order who acts and leave the deciding to the actors."""
