-- People are told by mail too: by which way each wishes it, and which addresses take no mail.

ALTER TABLE public.users
    ADD COLUMN notify_by text NOT NULL DEFAULT 'auto',
    ADD COLUMN mail_broken_at timestamptz,
    ADD COLUMN mail_error text,
    ADD CONSTRAINT users_notify_by_is_known CHECK (notify_by IN ('auto', 'telegram', 'mail', 'both')),
    ADD CONSTRAINT users_mail_broken_says_why CHECK ((mail_broken_at IS NULL) = (mail_error IS NULL));

COMMENT ON COLUMN public.users.notify_by IS 'By which way the person wishes to be told; auto: by Telegram where it works, else by mail.';
COMMENT ON COLUMN public.users.mail_broken_at IS
    'Since when a mail server refuses the address for good; nothing is queued until the address is proven or the person asks for mail again.';
COMMENT ON COLUMN public.users.mail_error IS 'What the mail server said then.';

ALTER TABLE public.mail
    ADD COLUMN reminder double precision NOT NULL DEFAULT 0.5,
    ADD CONSTRAINT mail_reminder_range CHECK (reminder BETWEEN 0 AND 1);

COMMENT ON COLUMN public.mail.reminder IS 'The share of a hold''s life that is left when its user is reminded by mail; 0: never.';

-- Each way has notifiers of its own, and what waits for one must not slow down the other.
DROP INDEX public.outbox_waiting;
CREATE INDEX outbox_waiting ON public.outbox (channel, due_at, id) WHERE state = 'waiting';

-- Their parameters or results have changed.
DROP FUNCTION IF EXISTS public.claim_notifications;
DROP FUNCTION IF EXISTS public.fail_notification;
