package io.qscope.app.demo;

import io.qscope.model.OAuthClient;
import io.qscope.model.RowIds;
import io.qscope.store.Storage;
import java.time.InstantSource;

/**
 * What all steps of one demo share: the storage, who makes the rows, one client and one user. Their names are new in each
 * run, so that a demo can be played again on the same data, or beside another.
 *
 * @param clientSecret what the client was told once, and the store never
 */
record Stage(Storage storage, Issuer issuer, OAuthClient client, Secret clientSecret, String run) {

    private static final int RUN_LENGTH = 8;

    static Stage set(Storage storage, InstantSource clock) {
        String id = RowIds.next();
        String run = id.substring(id.length() - RUN_LENGTH);
        Issuer issuer = new Issuer(clock);
        Secret secret = Secret.random();
        return new Stage(storage, issuer, issuer.client("demo-app-" + run, secret), secret, run);
    }

    /** A user of this run. */
    String user(String name) {
        return name + "-" + run;
    }
}
