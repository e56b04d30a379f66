package io.qscope.spring;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How requests reach a server, and answers come back. Redirects are not followed; cookies are the caller's. */
interface HttpTransport {

    /** What relative addresses are relative to. */
    URI base();

    Answer send(Request request);

    /**
     * A request.
     *
     * @param uri absolute
     * @param form what is posted; none: the request is a GET
     */
    record Request(
            URI uri, Map<String, String> headers, @Nullable String form) {}
}
