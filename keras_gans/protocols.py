"""What users write and models take: the methods that each kind of object needs."""
