"""The dashboard: pages, the JSON behind them, and who may see and change what."""
