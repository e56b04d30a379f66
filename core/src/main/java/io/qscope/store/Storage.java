package io.qscope.store;

import io.qscope.model.RayId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** All that an authorization server stores. Safe for any number of threads; see the package for what holds for every call. */
public interface Storage extends AutoCloseable {

    /**
     * Opens a storage by its URL: {@code memory:} (private), {@code memory:name} (shared within this JVM), {@code
     * sqlite:path}, or the scheme of any engine on the class path.
     *
     * @return the storage, which its opener closes
     * @throws IllegalArgumentException when no engine knows the scheme (the message lists those there are), or the URL is
     *     malformed
     * @throws StorageException when what it names cannot be used, naming it and the cause; it is left unharmed
     */
    static Storage open(String url) {
        return open(url, StorageOptions.none());
    }

    /**
     * Opens a storage by its URL, with what does not belong into one: {@link StorageOptions#with} keys it chains the entries of
     * its audit log.
     *
     * @return as {@link #open(String)}
     * @throws IllegalArgumentException as {@link #open(String)}, and when the engine cannot do what the options ask for
     * @throws StorageException as {@link #open(String)}
     */
    static Storage open(String url, StorageOptions options) {
        Objects.requireNonNull(options, "options");
        return Engines.providerOf(url).open(url, options);
    }

    /**
     * What opening or migrating would run to bring a schema up to this release, in order. Looks only: nothing is changed and
     * nothing created.
     *
     * @return the scripts: all there are for an empty or missing database, none when it is up to date or its engine has no
     *     schema
     * @throws IllegalArgumentException as {@link #open(String)}
     * @throws StorageException when opening would refuse what the URL names
     */
    static List<MigrationScript> pendingMigrations(String url) {
        return Engines.providerOf(url).pendingMigrations(url);
    }

    /**
     * Brings the schema of what a URL names up to this release; does nothing when it is there. Repeat and concurrency: any number
     * of processes may do so at once.
     *
     * @return what was done
     * @throws IllegalArgumentException as {@link #open(String)}
     * @throws StorageException when what the URL names cannot be migrated, naming it and the cause; it is left unharmed
     */
    static Migration runMigrations(String url) {
        return Engines.providerOf(url).runMigrations(url);
    }

    /** Clients. */
    ClientTable clients();

    /** The roots of families. */
    AuthorizationTable authorizations();

    /** Authorization codes. */
    AuthorizationCodeTable authorizationCodes();

    /** Access tokens. */
    AccessTokenTable accessTokens();

    /** Refresh tokens. */
    RefreshTokenTable refreshTokens();

    /** Device codes. */
    DeviceCodeTable deviceCodes();

    /** ID tokens. */
    IdTokenTable idTokens();

    /** Authorization requests that wait for their answer. */
    AuthorizationRequestTable authorizationRequests();

    /** What users let clients have. */
    ConsentTable consents();

    /** Keys that servers sign with. */
    SigningKeyTable signingKeys();

    /** Users who can sign in. */
    UserAccountTable users();

    /** Counters against guessing. */
    ThrottleTable throttles();

    /** The audit log. */
    AuditLogTable auditLog();

    /** A new unit of work; the attempt serves the whole of it. */
    UnitOfWork unitOfWork(Attempt attempt);

    /**
     * Deletes what is of no more use, at most {@code limit} rows, cascades counted: codes, device codes, authorization requests
     * and tokens with {@code expiresAt} before {@code before}; refresh tokens without an expiry that were rotated or revoked,
     * themselves or by their root, before it; consumed codes only once their family has no token live at the attempt's time (a
     * replay must still be seen); roots without children with {@code updatedAt} before it; consents that were revoked before it;
     * throttles whose window ended before it, which nothing else takes away. Never clients, consents that are not revoked, signing
     * keys, users, or audit entries.
     *
     * <p>Not one atomic step, unlike other calls: an engine may delete in slices, each of them atomic, so that nobody waits for
     * long, and rest between two slices, so that others have most of the database's time. A purge that fails after the first slice
     * says so by {@code outcomeUnknown()}.
     *
     * <p>Repeat: deletes the next rows; until fewer than {@code limit} were deleted. Concurrency: any number of processes may
     * purge at once; no reader or writer is held up for long.
     *
     * @param limit from 1 to 100,000
     * @return how many rows were deleted; fails with {@link InvalidRowException} for a limit out of its bounds, {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<Purged> purge(Instant before, int limit, Attempt attempt, RayId rayId);

    /**
     * The key ids of the digests of rows that are needed at that moment: of live ones, and of used codes and requests and rotated
     * tokens that would be live otherwise, by which a replay is known. A key that is not among them may retire. Throttles do not
     * count: their windows are short, and a counter that is no longer found begins anew. Nor does what is sealed, signing keys among
     * it: {@code Sealer.keyId} tells which key that needs.
     *
     * @return the ids; plain SHA-256 has none; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<Set<String>> keysInUse(Instant at, RayId rayId);

    /**
     * Counts the rows of each table. For people, not for a hot path: an engine may have to read whole tables for it, so on a large
     * storage it takes long.
     *
     * @return a number for each table, of one moment or of one moment for each; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<Map<TableName, Long>> rowCounts(RayId rayId);

    /**
     * Asks the engine for a sign of life.
     *
     * @return what it is; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<Health> health(RayId rayId);

    /**
     * Brings the schema up to this release. Repeat: nothing is left to do. Concurrency: several at once wait for each other.
     *
     * @return what was done; fails with {@link StorageUnavailableException}, {@link StorageCorruptedException}
     */
    CompletableFuture<Migration> migrate(RayId rayId);

    /**
     * What this storage keeps, with its settings as they are. What rests on a server's settings and replicas is as that server said
     * last: when a connection was made, or with the last {@link #health}.
     */
    Guarantees guarantees();

    /**
     * Closes the storage: calls under way are finished or failed, all of them within five seconds, and later ones fail with
     * {@link StorageUnavailableException}. The chain of its audit log, if there is one, gets its last entry in that time, or ends
     * without. Blocks for that long at most, waits for no callback, and does nothing the second time.
     */
    @Override
    void close();
}
