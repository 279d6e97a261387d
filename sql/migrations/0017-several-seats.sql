-- A booking of several seats: the seat law becomes a sum.

ALTER TABLE public.bookings
    ADD COLUMN seats integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT bookings_seats_range CHECK (seats BETWEEN 1 AND 1000000);
ALTER TABLE archive.bookings ADD COLUMN seats integer NOT NULL DEFAULT 1;

COMMENT ON COLUMN public.bookings.seats IS
    'How many seats it takes: total_seats = available_seats + the seats of pending and confirmed bookings, for every event.';

-- Until now every booking was of one seat, so the default is the truth about the history there is.
ALTER TABLE public.booking_changes
    ADD COLUMN seats integer NOT NULL DEFAULT 1,
    DROP CONSTRAINT booking_changes_are_changes,
    ADD CONSTRAINT booking_changes_are_changes CHECK (from_status IS DISTINCT FROM to_status OR to_status <> 'canceled');
ALTER TABLE public.booking_changes ALTER COLUMN seats DROP DEFAULT;
ALTER TABLE archive.booking_changes ADD COLUMN seats integer NOT NULL DEFAULT 1;

COMMENT ON TABLE public.booking_changes IS
    'Each change of a booking''s status or seats, never changed itself. No foreign key: it outlives a booking deleted by hand.';
COMMENT ON COLUMN public.booking_changes.seats IS 'How many seats the booking was for from then on.';

-- Their parameters or results have changed.
DROP FUNCTION IF EXISTS public.attempt_booking;
DROP FUNCTION IF EXISTS public.book_seat;
DROP FUNCTION IF EXISTS public.book_seats;
DROP FUNCTION IF EXISTS public.lapse_holds;
