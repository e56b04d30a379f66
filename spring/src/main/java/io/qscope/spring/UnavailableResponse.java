package io.qscope.spring;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** A response whose failures become 503 once the storage was out of reach. Of one thread, as its request is. */
final class UnavailableResponse extends HttpServletResponseWrapper {

    private static final int FIRST_ERROR = 400;
    private static final String BODY = "{\"error\":\"" + TemporarilyUnavailableException.ERROR_CODE + "\"}";

    private final Duration retryAfter;
    private boolean hasBody;

    UnavailableResponse(HttpServletResponse response, Duration retryAfter) {
        super(response);
        this.retryAfter = retryAfter;
    }

    @Override
    public void setStatus(int status) {
        if (status >= FIRST_ERROR && UnavailableRequests.noted()) {
            markUnavailable();
        } else {
            super.setStatus(status);
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (UnavailableRequests.noted()) {
            unavailable();
        } else {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (UnavailableRequests.noted()) {
            unavailable();
        } else {
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (mayRedirect(location)) {
            super.sendRedirect(location);
        } else {
            unavailable();
        }
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        if (mayRedirect(location)) {
            super.sendRedirect(location, status);
        } else {
            unavailable();
        }
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        if (mayRedirect(location)) {
            super.sendRedirect(location, clearBuffer);
        } else {
            unavailable();
        }
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (mayRedirect(location)) {
            super.sendRedirect(location, status, clearBuffer);
        } else {
            unavailable();
        }
    }

    /** The client's own redirect, with the error that RFC 6749 §4.1.2.1 has for this, is the better answer. */
    private static boolean mayRedirect(String location) {
        return !UnavailableRequests.noted() || location.contains("error=" + TemporarilyUnavailableException.ERROR_CODE);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        hasBody = true;
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        hasBody = true;
        return super.getWriter();
    }

    /** Gives the body that it lacks to an answer that is a status alone, as that to a bearer token is. */
    void complete() throws IOException {
        if (!hasBody && getStatus() == SC_SERVICE_UNAVAILABLE && UnavailableRequests.noted()) {
            unavailable();
        }
    }

    /** Answers, as a whole, unless something was sent already. */
    void unavailable() throws IOException {
        if (isCommitted()) {
            return;
        }
        resetBuffer();
        markUnavailable();
        setContentType(MediaType.APPLICATION_JSON_VALUE);
        byte[] body = BODY.getBytes(StandardCharsets.US_ASCII);
        setContentLength(body.length);
        getResponse().getOutputStream().write(body);
        flushBuffer();
    }

    private void markUnavailable() {
        super.setStatus(SC_SERVICE_UNAVAILABLE);
        setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, retryAfter.toSeconds())));
        setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
