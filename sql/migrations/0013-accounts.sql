-- Emails are the same by one rule on every database: fold_email, whose current definition is in sql/functions. Before, the
-- locale decided: where it took K (the Kelvin sign) for k, one person could stand in the way of another.

CREATE FUNCTION public.fold_email(p_email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT lower(btrim(p_email) COLLATE "C")
$$;

DROP INDEX public.users_email_key;
CREATE UNIQUE INDEX users_email_key ON public.users (public.fold_email(email));

-- Who has an account has it at once; what others did with the email before, only once they have proved that it is theirs.
ALTER TABLE public.accounts
    ADD COLUMN email_proven_at timestamptz,
    ADD COLUMN claimed_name text,
    ADD CONSTRAINT accounts_claimed_name_length CHECK (length(claimed_name) BETWEEN 1 AND 200);

-- Accounts of before were only made for emails that nobody had used, so nothing in them is anybody else's.
UPDATE public.accounts SET email_proven_at = created_at;

COMMENT ON COLUMN public.accounts.email_proven_at IS
    'When the person proved that the email is theirs; NULL: not yet, and what is older than the account is not shown to it.';
COMMENT ON COLUMN public.accounts.claimed_name IS
    'What the person who registered for an email that guests had used is called until the email is proven, and from then on in users.';

ALTER TABLE public.access_tokens
    ADD COLUMN id bigserial,
    ADD COLUMN last_seen_at timestamptz,
    ADD CONSTRAINT access_tokens_id_key UNIQUE (id);

CREATE INDEX access_tokens_of_a_user ON public.access_tokens (user_id);

COMMENT ON COLUMN public.access_tokens.id IS 'What a session or token is called where it is listed and ended.';
COMMENT ON COLUMN public.access_tokens.last_seen_at IS 'When it was last used, to a quarter of an hour; NULL: not since it was made.';

CREATE TABLE public.account_links (
    token_hash bytea,
    nonce      text NOT NULL,
    purpose    text NOT NULL,
    user_id    bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT account_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT account_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id),
    CONSTRAINT account_links_purpose_is_known CHECK (purpose IN ('password_reset', 'email_proof'))
);

CREATE INDEX account_links_by_expiry ON public.account_links (expires_at);
CREATE INDEX account_links_of_a_user ON public.account_links (user_id);

COMMENT ON TABLE public.account_links IS
    'Links that reset a password or prove an email for 15 minutes, by the SHA-256 of the token; one that was used is gone.';
COMMENT ON COLUMN public.account_links.nonce IS
    'What the token is derived from, together with the service''s secret key: by itself it opens nothing.';
COMMENT ON COLUMN public.account_links.user_id IS
    'NULL: nobody has the email for which it was asked; kept so that asking does the same work for every email.';

-- Attempts to sign in, counted before the password is checked.
DROP FUNCTION IF EXISTS public.find_account;
DROP FUNCTION IF EXISTS public.record_sign_in_failure;
DROP TABLE public.sign_in_failures;

CREATE TABLE public.sign_in_attempts (
    email   text NOT NULL,
    address text NOT NULL,
    at      timestamptz NOT NULL
);

CREATE INDEX sign_in_attempts_of_an_email ON public.sign_in_attempts (email, address, at);
CREATE INDEX sign_in_attempts_of_an_address ON public.sign_in_attempts (address, at);
CREATE INDEX sign_in_attempts_by_time ON public.sign_in_attempts (at);

COMMENT ON TABLE public.sign_in_attempts IS
    'Passwords tried in the last 15 minutes that were not right, or are still being checked, to slow down guessing.';

CREATE TABLE public.sign_in_addresses (
    user_id bigint,
    address text,
    at      timestamptz NOT NULL,
    CONSTRAINT sign_in_addresses_pkey PRIMARY KEY (user_id, address),
    CONSTRAINT sign_in_addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id)
);

COMMENT ON TABLE public.sign_in_addresses IS
    'From where a user last signed in: strangers who guess from elsewhere do not lock these out.';

ALTER TABLE public.users ADD COLUMN erased_at timestamptz;

COMMENT ON COLUMN public.users.erased_at IS
    'When the person had everything about themselves deleted; the row stays because bookings name it. NULL: not.';

-- They take a parameter more.
DROP FUNCTION IF EXISTS public.list_user_bookings;
DROP FUNCTION IF EXISTS public.register_user;
