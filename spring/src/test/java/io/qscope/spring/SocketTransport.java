package io.qscope.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Over the network, on connections that are kept alive. */
record SocketTransport(URI base) implements HttpTransport {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Answer send(Request request) {
        return sendAsync(request).join();
    }

    CompletableFuture<Answer> sendAsync(Request request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri()).timeout(Duration.ofSeconds(60));
        request.headers().forEach(builder::header);
        if (request.form() != null) {
            builder.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(request.form()));
        }
        return HTTP.sendAsync(builder.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response ->
                        new Answer(response.statusCode(), response.headers().map(), response.body()));
    }
}
