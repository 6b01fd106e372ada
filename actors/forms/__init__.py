"""Forms of the actors app: shape only; what may be done is said by the verbs."""
