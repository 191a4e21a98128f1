"""One document from its notebook to finished bytes. Publishes nothing and knows no other document."""
