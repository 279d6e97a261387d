-- What became of each booking, change by change. A trigger writes it; the triggers are in sql/triggers.

CREATE TABLE public.booking_changes (
    booking_id  bigint NOT NULL,
    id          bigserial,
    changed_at  timestamptz NOT NULL,
    from_status text,
    to_status   text NOT NULL,
    reason      text,
    changed_by  text NOT NULL,
    CONSTRAINT booking_changes_pkey PRIMARY KEY (booking_id, id),
    CONSTRAINT booking_changes_from_status_is_known CHECK (from_status IN ('pending', 'confirmed', 'canceled')),
    CONSTRAINT booking_changes_to_status_is_known CHECK (to_status IN ('pending', 'confirmed', 'canceled')),
    CONSTRAINT booking_changes_are_changes CHECK (from_status IS DISTINCT FROM to_status),
    CONSTRAINT booking_changes_canceled_says_why CHECK (to_status <> 'canceled' OR reason IS NOT NULL)
);

COMMENT ON TABLE public.booking_changes IS
    'Each change of a booking''s status, never changed itself. No foreign key: it outlives a booking deleted by hand.';
COMMENT ON COLUMN public.booking_changes.changed_at IS
    'When the row changed. For a lapsed hold that is when it was noticed; it was dead at the booking''s expires_at.';
COMMENT ON COLUMN public.booking_changes.from_status IS 'NULL: the booking was made.';
COMMENT ON COLUMN public.booking_changes.reason IS 'Why it was canceled, like the booking''s cancel_reason.';
COMMENT ON COLUMN public.booking_changes.changed_by IS
    'The role that was connected (session_user); ''unknown'' for what was there before this table.';

INSERT INTO public.booking_changes (booking_id, changed_at, from_status, to_status, reason, changed_by)
SELECT b.id, past.changed_at, past.from_status, past.to_status, past.reason, 'unknown'
FROM public.bookings AS b
CROSS JOIN LATERAL (VALUES
    (1, b.created_at, NULL, 'pending', NULL),
    (2, b.confirmed_at, 'pending', 'confirmed', NULL),
    (3, b.canceled_at, CASE WHEN b.confirmed_at IS NULL THEN 'pending' ELSE 'confirmed' END, 'canceled', b.cancel_reason)
) AS past (step, changed_at, from_status, to_status, reason)
WHERE past.changed_at IS NOT NULL
ORDER BY b.id, past.step;
