"""The page Cell: a recurrent cell from outside and inside, its numbers, its weights, and its gradients."""
