"""EventBooker: takes bookings for events, with PostgreSQL counting the seats."""
