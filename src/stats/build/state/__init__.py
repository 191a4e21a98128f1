"""What is due, what has been published and what that was made of, on the disk. Makes no content."""
