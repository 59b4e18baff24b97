"""What runs in a fresh process (fresh_process.py): it imports nothing of Tempera but what lies beside a model."""
