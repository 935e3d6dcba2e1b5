"""A race of networks as several pages know it: its set-up, its recorded twin, its words, its answers."""
