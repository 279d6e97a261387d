"""The worker: what runs beside the web. process.py starts it."""
