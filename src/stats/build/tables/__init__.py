"""What is written beside the documents: tables, lists and the index page. Takes figures as released."""
