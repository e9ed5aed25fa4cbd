"""Literature indexes: how each is asked and what its answers mean. Nothing here touches the network."""
