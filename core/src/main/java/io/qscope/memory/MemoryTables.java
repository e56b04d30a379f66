package io.qscope.memory;

import io.qscope.model.Row;
import io.qscope.store.TableName;
import java.util.Objects;
import java.util.stream.Stream;

/** The tables of one storage. */
record MemoryTables(
        MemoryClientTable clients,
        MemoryAuthorizationTable authorizations,
        MemoryAuthorizationCodeTable authorizationCodes,
        MemoryAccessTokenTable accessTokens,
        MemoryRefreshTokenTable refreshTokens,
        MemoryDeviceCodeTable deviceCodes,
        MemoryIdTokenTable idTokens,
        MemoryAuthorizationRequestTable authorizationRequests,
        MemoryConsentTable consents,
        MemorySigningKeyTable signingKeys,
        MemoryUserAccountTable users,
        MemoryThrottleTable throttles,
        MemoryAuditLogTable auditLog) {

    static MemoryTables on(MemoryData data, Calls calls, MemoryAuditChain chain) {
        MemoryAccessTokenTable accessTokens = new MemoryAccessTokenTable(data, calls);
        return new MemoryTables(
                new MemoryClientTable(data, calls),
                new MemoryAuthorizationTable(data, calls, accessTokens),
                new MemoryAuthorizationCodeTable(data, calls),
                accessTokens,
                new MemoryRefreshTokenTable(data, calls),
                new MemoryDeviceCodeTable(data, calls),
                new MemoryIdTokenTable(data, calls),
                new MemoryAuthorizationRequestTable(data, calls),
                new MemoryConsentTable(data, calls),
                new MemorySigningKeyTable(data, calls),
                new MemoryUserAccountTable(data, calls),
                new MemoryThrottleTable(data, calls),
                new MemoryAuditLogTable(data, calls, chain));
    }

    /** A table of rows. */
    MemoryTable<?> named(TableName name) {
        return switch (name) {
            case CLIENTS -> clients;
            case AUTHORIZATIONS -> authorizations;
            case AUTHORIZATION_CODES -> authorizationCodes;
            case ACCESS_TOKENS -> accessTokens;
            case REFRESH_TOKENS -> refreshTokens;
            case DEVICE_CODES -> deviceCodes;
            case ID_TOKENS -> idTokens;
            case AUTHORIZATION_REQUESTS -> authorizationRequests;
            case CONSENTS -> consents;
            case SIGNING_KEYS -> signingKeys;
            case USERS -> users;
            case THROTTLES -> throw new IllegalArgumentException(name + " holds no rows");
            case AUDIT_LOG -> auditLog;
        };
    }

    /** The table of a row of that kind. */
    MemoryTable<?> holding(Row row) {
        Objects.requireNonNull(row, "row");
        return Stream.of(TableName.values())
                .filter(name -> name != TableName.THROTTLES)
                .map(this::named)
                .filter(table -> table.holds(row))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no table holds a " + row.getClass().getName()));
    }
}
