package io.qscope.tck;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.Consent;
import io.qscope.model.DeviceCode;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.SigningKey;
import io.qscope.model.TokenDigest;
import io.qscope.model.UserAccount;
import io.qscope.store.AccessTokenTable;
import io.qscope.store.AuditLogTable;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.AuthorizationTable;
import io.qscope.store.BaseTable;
import io.qscope.store.ClientTable;
import io.qscope.store.ConsentTable;
import io.qscope.store.DeviceCodeTable;
import io.qscope.store.FamilyTable;
import io.qscope.store.IdTokenTable;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.SigningKeyTable;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import io.qscope.store.UserAccountTable;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A table, for tests that hold for every table.
 *
 * @param name the table
 * @param type its rows
 * @param contract its interface
 * @param table where a storage has it
 * @param fresh makes a row whose parents are stored and which is not
 * @param owned fields that an update of this table's rows may not change: what only transitions set, and what makes the row
 */
record TableCase<T extends Row>(
        TableName name,
        Class<T> type,
        Class<? extends BaseTable<T>> contract,
        Function<Storage, BaseTable<T>> table,
        Function<Rows, T> fresh,
        Set<String> owned) {

    private static final Set<String> GIVEN_BY_STORE =
            Set.of("authorizationRevokedAt", "chain", "sequence", "previousHash", "hash");
    private static final Set<String> KEPT =
            Set.of("clientId", "authorizationId", "predecessorId", "createdAt", "createdBy");

    private static final Set<String> UNIQUE_NAMES = Set.of("clientIdentifier", "username");

    static final TableCase<OAuthClient> CLIENTS = new TableCase<>(
            TableName.CLIENTS, OAuthClient.class, ClientTable.class, Storage::clients, Rows::client, Set.of());

    static final TableCase<Authorization> AUTHORIZATIONS = new TableCase<>(
            TableName.AUTHORIZATIONS,
            Authorization.class,
            AuthorizationTable.class,
            Storage::authorizations,
            rows -> rows.authorization(rows.storedClient()),
            Set.of("revokedAt"));

    static final TableCase<AuthorizationCode> AUTHORIZATION_CODES = new TableCase<>(
            TableName.AUTHORIZATION_CODES,
            AuthorizationCode.class,
            AuthorizationCodeTable.class,
            Storage::authorizationCodes,
            rows -> rows.code(rows.storedAuthorization()),
            Set.of("consumedAt"));

    static final TableCase<AccessToken> ACCESS_TOKENS = new TableCase<>(
            TableName.ACCESS_TOKENS,
            AccessToken.class,
            AccessTokenTable.class,
            Storage::accessTokens,
            rows -> rows.accessToken(rows.storedAuthorization()),
            Set.of("revokedAt"));

    static final TableCase<RefreshToken> REFRESH_TOKENS = new TableCase<>(
            TableName.REFRESH_TOKENS,
            RefreshToken.class,
            RefreshTokenTable.class,
            Storage::refreshTokens,
            rows -> rows.refreshToken(rows.storedAuthorization()),
            Set.of("rotatedAt", "graceUses", "revokedAt"));

    static final TableCase<DeviceCode> DEVICE_CODES = new TableCase<>(
            TableName.DEVICE_CODES,
            DeviceCode.class,
            DeviceCodeTable.class,
            Storage::deviceCodes,
            rows -> rows.deviceCode(rows.storedAuthorization()),
            Set.of("userId", "interval", "state", "lastPolledAt"));

    static final TableCase<IdToken> ID_TOKENS = new TableCase<>(
            TableName.ID_TOKENS,
            IdToken.class,
            IdTokenTable.class,
            Storage::idTokens,
            rows -> rows.idToken(rows.storedAuthorization()),
            Set.of("userId", "expiresAt"));

    static final TableCase<AuthorizationRequest> AUTHORIZATION_REQUESTS = new TableCase<>(
            TableName.AUTHORIZATION_REQUESTS,
            AuthorizationRequest.class,
            AuthorizationRequestTable.class,
            Storage::authorizationRequests,
            rows -> rows.authorizationRequest(rows.storedAuthorization()),
            Set.of("consumedAt"));

    static final TableCase<Consent> CONSENTS = new TableCase<>(
            TableName.CONSENTS,
            Consent.class,
            ConsentTable.class,
            Storage::consents,
            rows -> rows.consent(rows.storedClient()),
            Set.of("userId", "revokedAt"));

    static final TableCase<SigningKey> SIGNING_KEYS = new TableCase<>(
            TableName.SIGNING_KEYS,
            SigningKey.class,
            SigningKeyTable.class,
            Storage::signingKeys,
            Rows::signingKey,
            Set.of("algorithm", "publicKey"));

    static final TableCase<UserAccount> USERS = new TableCase<>(
            TableName.USERS,
            UserAccount.class,
            UserAccountTable.class,
            Storage::users,
            Rows::userAccount,
            Set.of("username"));

    static final TableCase<AuditLog> AUDIT_LOG = new TableCase<>(
            TableName.AUDIT_LOG, AuditLog.class, AuditLogTable.class, Storage::auditLog, Rows::auditLog, Set.of());

    /** Every table. */
    static List<TableCase<?>> all() {
        return List.of(
                CLIENTS,
                AUTHORIZATIONS,
                AUTHORIZATION_CODES,
                ACCESS_TOKENS,
                REFRESH_TOKENS,
                DEVICE_CODES,
                ID_TOKENS,
                AUTHORIZATION_REQUESTS,
                CONSENTS,
                SIGNING_KEYS,
                USERS,
                AUDIT_LOG);
    }

    /** Every table whose rows may change. */
    static Stream<TableCase<?>> mutable() {
        return all().stream().filter(table -> table.name() != TableName.AUDIT_LOG);
    }

    /** The tables whose rows descend from a root. */
    static List<TableCase<?>> children() {
        return List.of(
                AUTHORIZATION_CODES, ACCESS_TOKENS, REFRESH_TOKENS, DEVICE_CODES, ID_TOKENS, AUTHORIZATION_REQUESTS);
    }

    /** The table in a storage, of one whose rows descend from a root. */
    @SuppressWarnings("unchecked") // a table of these rows is a FamilyTable of these rows
    FamilyTable<T> inFamilies(Storage storage) {
        return (FamilyTable<T>) table.apply(storage);
    }

    /** The table in a storage. */
    BaseTable<T> in(Storage storage) {
        return table.apply(storage);
    }

    /** A row with the same parents and with keys of its own. */
    T sibling(T row, Rows rows) {
        T sibling = RecordFields.with(row, "id", rows.id());
        for (RecordComponent field : uniqueFields().toList()) {
            Object key = field.getType() == TokenDigest.class ? rows.digest() : rows.id();
            sibling = RecordFields.with(sibling, field.getName(), key);
        }
        if (name == TableName.CONSENTS) {
            // Unique with the client, which siblings share.
            sibling = RecordFields.with(sibling, "userId", rows.user());
        }
        return sibling;
    }

    /** What a row reads back as after its insert: version 1, and none of what the store gives. */
    T inserted(T given) {
        T stored = RecordFields.has(type, "version") ? RecordFields.with(given, "version", 1L) : given;
        return withoutGivenByStore(stored);
    }

    /** The row without what the store gives. */
    T withoutGivenByStore(T row) {
        T bare = row;
        for (RecordComponent component : RecordFields.of(type)) {
            if (GIVEN_BY_STORE.contains(component.getName())) {
                bare = RecordFields.with(bare, component.getName(), null);
            }
        }
        return bare;
    }

    static boolean isGivenByStore(RecordComponent component) {
        return GIVEN_BY_STORE.contains(component.getName());
    }

    /** Whether an update may not change the field: it makes the row what it is, or a transition owns it. */
    boolean isKept(RecordComponent component) {
        return KEPT.contains(component.getName())
                || owned.contains(component.getName())
                || component.getType() == TokenDigest.class;
    }

    /** Whether an update may change the field, and the store keeps what the update says. */
    boolean isOrdinary(RecordComponent component) {
        return !isKept(component)
                && !isGivenByStore(component)
                && !component.getName().equals("id")
                && !component.getName().equals("version");
    }

    /** The unique fields beside the id. */
    Stream<RecordComponent> uniqueFields() {
        return RecordFields.of(type).stream()
                .filter(component ->
                        component.getType() == TokenDigest.class || UNIQUE_NAMES.contains(component.getName()));
    }

    /** The table's name, which is what a test report shows. */
    @Override
    public String toString() {
        return name.toString();
    }
}
