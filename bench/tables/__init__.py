"""What makes the tables that the package carries: `python -m bench.tables.costs COINS.csv RATES.csv`."""
