"""The API in the words of other products, over the same views and services."""
