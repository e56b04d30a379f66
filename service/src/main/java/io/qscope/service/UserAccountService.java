package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.EncodedSecret;
import io.qscope.model.RayId;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Page;
import io.qscope.store.RowNotFoundException;
import io.qscope.store.Slice;
import io.qscope.store.StaleRowException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The users of a server that keeps them in its storage, and their signing in. {@code by} is who acts, in the caller's words, as rows
 * and audit entries name him. Each change has its entry in the same commit; entries refer to a person and do not name one.
 *
 * <p>Passwords are hashed as chosen secrets are: by Argon2id, on few threads, with room for few that wait.
 */
public final class UserAccountService {

    /** The least that NIST SP 800-63B §3.1.1.2 asks for. */
    public static final int SHORTEST_PASSWORD = 8;

    /** Longer ones are no better, and cost whoever hashes them. */
    public static final int LONGEST_PASSWORD = 256;

    private static final String WRONG = "the user name or the password is wrong";

    /** Who acts when somebody signs in: the person is in the entry, as a stand-in. */
    private static final String BY = "user signing in";

    private static final int MOST_TRIES = 20;

    /** Many people may share an address. */
    private static final int ACCOUNTS_OF_AN_ADDRESS = 10;

    private final ServiceContext context;
    private final SecretHasher hasher;
    private final GuessLimit ofAccount;
    private final GuessLimit ofAddress;

    /** What an unknown user's password is compared with, so that it takes as long as a known one's; made when it is first needed. */
    private @Nullable CompletableFuture<EncodedSecret> nobodys;

    UserAccountService(ServiceContext context, SecretHasher hasher) {
        this.context = context;
        this.hasher = hasher;
        this.ofAccount = limit(context.policy.signInTries(), true);
        this.ofAddress = limit(context.policy.signInTries() * ACCOUNTS_OF_AN_ADDRESS, false);
    }

    private GuessLimit limit(int most, boolean tellsEach) {
        return new GuessLimit(
                context,
                AuditEvent.USER_SIGN_IN_PRESENTED,
                BY,
                "passwords",
                most,
                context.policy.signInWindow(),
                tellsEach);
    }

    /**
     * Makes an account, enabled. Repeat: {@code CONFLICT}.
     *
     * @param username what the user signs in with, and is known by in all that they grant, for good
     * @param password of {@value #SHORTEST_PASSWORD} to {@value #LONGEST_PASSWORD} characters
     * @param claims what user info may tell (OpenID Connect Core 1.0 §5.1)
     * @return the account; {@code INVALID}, {@code CONFLICT} when the name is taken, {@code temporarily_unavailable} when too many
     *     passwords are waiting to be hashed
     */
    public CompletableFuture<Result<UserAccount>> create(
            String username, String password, Map<String, Object> claims, String by, RayId ray) {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(claims, "claims");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(password).thenCompose(given -> {
                    Attempt attempt = context.attempt(by);
                    ServiceContext.requireUserId(username, ray);
                    checkPassword(given);
                    return hasher.encodeChosen(given)
                            .thenCompose(encoded -> insert(
                                    Refusal.unlessInvalid(() -> UserAccount.builder()
                                            .id(RowIds.next())
                                            .username(username)
                                            .password(encoded)
                                            .claims(claims)
                                            .createdAt(attempt.at())
                                            .createdBy(attempt.by())
                                            .build()),
                                    attempt,
                                    ray));
                }),
                201,
                ray);
    }

    private static void checkPassword(String password) {
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw Refusal.invalid(
                    "password: it has to have " + SHORTEST_PASSWORD + " to " + LONGEST_PASSWORD + " characters");
        }
    }

    private CompletableFuture<UserAccount> insert(UserAccount row, Attempt attempt, RayId ray) {
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.insert(row),
                        context.entry(AuditEvent.USER_CREATED, row.id(), null, row.username(), Map.of(), attempt, ray),
                        ray)
                .thenApply(done -> row.toBuilder().version(1).build())
                .exceptionallyCompose(thrown -> {
                    boolean taken = Refusal.cause(thrown) instanceof DuplicateRowException duplicate
                            && duplicate.key().equals("username");
                    return CompletableFuture.failedFuture(
                            taken
                                    ? new Refusal(ServiceError.CONFLICT, "the user name is taken; choose another")
                                    : Refusal.cause(thrown));
                });
    }

    /**
     * Reads an account, enabled or not.
     *
     * @return the account; {@code NOT_FOUND}
     */
    public CompletableFuture<Result<UserAccount>> get(String username, RayId ray) {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(account(username, ray), 200, ray);
    }

    /**
     * Lists accounts, ordered by id, which is by age.
     *
     * @return the page; {@code INVALID} when it starts after what no page of this listing ended with
     */
    public CompletableFuture<Result<Slice<UserAccount>>> list(Page page, RayId ray) {
        Objects.requireNonNull(page, "page");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(Refusal.ofPage(context.storage.users().list(page, ray)), 200, ray);
    }

    /**
     * Gives an account another password. What was granted stays granted.
     *
     * @param password as for {@link #create}
     * @return the account as stored after it; {@code NOT_FOUND}, {@code INVALID}, {@code CONFLICT} when it is written too often at
     *     once, {@code temporarily_unavailable} when too many passwords are waiting to be hashed
     */
    public CompletableFuture<Result<UserAccount>> changePassword(
            String username, String password, String by, RayId ray) {
        Objects.requireNonNull(password, "password");
        return Refusal.answer(
                CompletableFuture.completedFuture(password).thenCompose(given -> {
                    checkPassword(given);
                    return hasher.encodeChosen(given)
                            .thenCompose(encoded -> edited(
                                    username,
                                    AuditEvent.USER_PASSWORD_CHANGED,
                                    (account, attempt) -> account.toBuilder()
                                            .password(encoded)
                                            .build(),
                                    by,
                                    ray));
                }),
                200,
                ray);
    }

    /**
     * Lets a user sign in again. Repeat: nothing is written.
     *
     * @return as {@link #changePassword}
     */
    public CompletableFuture<Result<UserAccount>> enable(String username, String by, RayId ray) {
        return Refusal.answer(
                edited(
                        username,
                        AuditEvent.USER_ENABLED,
                        (account, attempt) ->
                                account.toBuilder().disabledAt(null).build(),
                        by,
                        ray),
                200,
                ray);
    }

    /**
     * Lets a user not sign in until they are enabled. Nothing that was granted is revoked. Repeat: nothing is written.
     *
     * @return as {@link #changePassword}
     */
    public CompletableFuture<Result<UserAccount>> disable(String username, String by, RayId ray) {
        return Refusal.answer(
                edited(
                        username,
                        AuditEvent.USER_DISABLED,
                        (account, attempt) -> account.isEnabled()
                                ? account.toBuilder().disabledAt(attempt.at()).build()
                                : account,
                        by,
                        ray),
                200,
                ray);
    }

    private CompletableFuture<UserAccount> edited(
            String username,
            AuditEvent event,
            BiFunction<UserAccount, Attempt, UserAccount> change,
            String by,
            RayId ray) {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(ray, "ray");
        return CompletableFuture.completedFuture(by)
                .thenCompose(acting -> edited(username, event, change, acting, ray, 1));
    }

    private CompletableFuture<UserAccount> edited(
            String username,
            AuditEvent event,
            BiFunction<UserAccount, Attempt, UserAccount> change,
            String by,
            RayId ray,
            int tries) {
        return account(username, ray)
                .thenCompose(account -> {
                    Attempt attempt = context.attempt(by);
                    return update(account, change.apply(account, attempt), event, attempt, ray);
                })
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    if (failure instanceof StaleRowException && tries < MOST_TRIES) {
                        return edited(username, event, change, by, ray, tries + 1);
                    }
                    return CompletableFuture.failedFuture(
                            failure instanceof StaleRowException
                                    ? new Refusal(
                                            ServiceError.CONFLICT,
                                            "the account is changed too often at once; try again")
                                    : failure instanceof RowNotFoundException
                                            ? Refusal.notFound("the account was deleted meanwhile")
                                            : failure);
                });
    }

    private CompletableFuture<UserAccount> update(
            UserAccount account, UserAccount changed, AuditEvent event, Attempt attempt, RayId ray) {
        if (changed.equals(account)) {
            return CompletableFuture.completedFuture(account);
        }
        UserAccount written = changed.toBuilder()
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        return context.units
                .unguarded(
                        attempt,
                        unit -> unit.update(written),
                        context.entry(event, account.id(), null, account.username(), Map.of(), attempt, ray),
                        ray)
                .thenApply(done ->
                        written.toBuilder().version(written.version() + 1).build());
    }

    private CompletableFuture<UserAccount> account(String username, RayId ray) {
        return find(username, ray)
                .thenApply(found -> found.orElseThrow(() -> Refusal.notFound("there is no such user")));
    }

    private CompletableFuture<Optional<UserAccount>> find(String username, RayId ray) {
        return ServiceContext.canBeKey(username)
                ? context.storage.users().getByUsername(username, ray)
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * Finds out whether somebody is who they say they are. Each try is counted first, by the account and by the address, in the storage, so that all
     * processes share the limits; and given back when it was right. Beyond a limit a right password is refused, too. A password that is stored
     * by an outdated scheme is hashed anew, now that it is known.
     *
     * <p>Whether there is such a user is not to be seen, in the answer or in how long it takes.
     *
     * @param address where the try comes from, or whatever else tries are to be counted by beside the account
     * @return the account; {@code INVALID_CREDENTIALS}, also for one that is disabled; {@code TOO_MANY_ATTEMPTS}; {@code
     *     temporarily_unavailable} when too many passwords are waiting to be verified
     */
    public CompletableFuture<Result<UserAccount>> verify(String username, String password, String address, RayId ray) {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(ray, "ray");
        return Refusal.answer(
                CompletableFuture.completedFuture(username).thenCompose(name -> {
                    TokenDigest account = ofAccount.digest("user " + name);
                    TokenDigest from = ofAddress.digest("address " + address);
                    return ofAddress
                            .count(from, ray)
                            .thenCompose(within -> ofAccount.count(account, ray))
                            .thenCompose(within -> matching(name, password, ray))
                            .thenCompose(found -> ofAccount
                                    .giveBack(account, ray)
                                    .thenCompose(done -> ofAddress.giveBack(from, ray))
                                    .thenCompose(done -> signedIn(found, password, ray)));
                }),
                200,
                ray);
    }

    private CompletableFuture<UserAccount> matching(String username, String password, RayId ray) {
        return find(username, ray).thenCompose(found -> {
            UserAccount account = found.filter(UserAccount::isEnabled).orElse(null);
            return (account == null ? nobodys() : CompletableFuture.completedFuture(account.password()))
                    .thenCompose(stored -> hasher.matches(password, stored))
                    .thenApply(matches -> {
                        if (!matches || account == null) {
                            throw new Refusal(ServiceError.INVALID_CREDENTIALS, WRONG);
                        }
                        return account;
                    });
        });
    }

    /** A password that nobody has, hashed as those of people are. A try that finds no room to hash it leaves it to the next. */
    private synchronized CompletableFuture<EncodedSecret> nobodys() {
        CompletableFuture<EncodedSecret> made = nobodys;
        if (made == null || made.isCompletedExceptionally()) {
            made = hasher.encodeChosen(Secrets.next());
            nobodys = made;
        }
        return made;
    }

    /** Says so in the log, and stores the password by today's scheme if it is by another one; whoever else writes the account goes first. */
    private CompletableFuture<UserAccount> signedIn(UserAccount account, String password, RayId ray) {
        Attempt attempt = context.attempt(BY);
        CompletableFuture<UserAccount> told = context.units
                .unguarded(
                        attempt,
                        unit -> {},
                        context.entry(
                                AuditEvent.USER_SIGNED_IN,
                                account.id(),
                                null,
                                account.username(),
                                Map.of(),
                                attempt,
                                ray),
                        ray)
                .thenApply(done -> account);
        if (!hasher.wantsUpgrade(password, account.password())) {
            return told;
        }
        return told.thenCompose(known -> hasher.encodeChosen(password))
                .thenCompose(encoded -> update(
                        account,
                        account.toBuilder().password(encoded).build(),
                        AuditEvent.USER_PASSWORD_UPGRADED,
                        context.attempt(BY),
                        ray))
                .exceptionallyCompose(thrown -> {
                    Throwable failure = Refusal.cause(thrown);
                    boolean mayWait = failure instanceof StaleRowException || failure instanceof Refusal;
                    return mayWait
                            ? CompletableFuture.completedFuture(account)
                            : CompletableFuture.failedFuture(failure);
                });
    }
}
