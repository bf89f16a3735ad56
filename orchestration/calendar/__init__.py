"""What launches when, and what ran: by days of a chosen zone, in bounded work whatever the schedules ask for."""
