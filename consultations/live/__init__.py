"""Live sessions of a consultation: whoever writes a response together, and whoever watches the coverage board."""
