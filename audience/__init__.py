"""Who watched: beacons, visits by a written definition, figures per unit that can be recounted."""
