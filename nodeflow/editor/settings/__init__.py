"""What a person has set, what is remembered of them, and what this program is made of."""
