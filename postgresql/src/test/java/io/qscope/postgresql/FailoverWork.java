package io.qscope.postgresql;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.util.Random;

/**
 * The rows that are written across failovers. Ids and attempts follow from lane and step alone: a row is named by the step that
 * writes it.
 */
record FailoverWork(Storage storage) {

    /** Lanes that insert access tokens. */
    static final int INSERTING = 8;

    /** Lanes that redeem codes in units of work. */
    static final int REDEEMING = 12;

    /** Lanes in which callers race for a code. */
    static final int RACING = 3;

    /** Callers that race for one code. */
    static final int CALLERS = 4;

    static final int LANES = INSERTING + REDEEMING + RACING;

    static final String CLIENT = "client";

    /** The rows that the others descend from. */
    void prepare() {
        storage.clients().insert(client(), ray("prepare")).join();
        for (int lane = 0; lane < LANES; lane++) {
            storage.authorizations().insert(root(lane), ray("prepare")).join();
        }
    }

    OAuthClient client() {
        return rows(CLIENT).client().toBuilder().id(CLIENT).build();
    }

    /** Each lane's family. */
    Authorization root(int lane) {
        String name = "root-" + lane;
        return rows(name).authorization(client()).toBuilder().id(name).build();
    }

    AuthorizationCode code(int lane, String name) {
        return rows(name).code(root(lane)).toBuilder()
                .id(name)
                .code(digest(name))
                .build();
    }

    AccessToken accessToken(int lane, String name) {
        return rows(name).accessToken(root(lane)).toBuilder()
                .id(name)
                .token(digest(name))
                .build();
    }

    RefreshToken refreshToken(int lane, String name) {
        return rows(name).refreshToken(root(lane)).toBuilder()
                .id(name)
                .token(digest(name))
                .build();
    }

    AuditLog entry(String name) {
        return rows(name).auditLog().toBuilder().id(name).build();
    }

    TokenDigest digest(String name) {
        return TokenDigest.sha256("a secret of " + name);
    }

    /** Its id is what the row is {@code updatedBy}, too, so that a reader sees who won. */
    Attempt attempt(String id) {
        return new Attempt(id, Rows.NOW, id);
    }

    RayId ray(String name) {
        return new RayId(name);
    }

    /** The same rows each time a step is repeated. */
    private Rows rows(String name) {
        return new Rows(storage, new Random(name.hashCode()));
    }
}
