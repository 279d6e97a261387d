-- Which holds were made from which client address, so that nobody empties an event with made-up emails.

CREATE TABLE public.client_holds (
    booking_id bigint,
    client_key bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT client_holds_pkey PRIMARY KEY (booking_id)
);

CREATE INDEX client_holds_of_a_client ON public.client_holds (client_key, expires_at);
CREATE INDEX client_holds_by_expiry ON public.client_holds (expires_at);

COMMENT ON TABLE public.client_holds IS
    'From where a hold was made, while it can live and no longer. No foreign key: a row is of no use once its hold has ended.';
COMMENT ON COLUMN public.client_holds.client_key IS 'A keyed hash of the client''s address, so that a row names nobody.';
COMMENT ON COLUMN public.client_holds.expires_at IS 'When the hold lapses unless it ends before.';

-- Their parameters have changed.
DROP FUNCTION IF EXISTS public.book_seat;
DROP FUNCTION IF EXISTS public.book_seats;
