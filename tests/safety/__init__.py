"""What must hold whatever somebody sends: who may, what is kept, what is refused in words."""
