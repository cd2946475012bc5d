/* failure: curl's exit codes and HTTP's status codes in words. */
#ifndef TSDB_EXPORTER_MODEL_FAILURE_H
#define TSDB_EXPORTER_MODEL_FAILURE_H

/* After libcurl-errors(3), as of curl 8.14. "" for codes that mean nothing there. */
const char *failure_of_curl(int exit_code);

/* After the IANA's registry of HTTP status codes, 400 to 599. "" for others. */
const char *failure_of_http(int status);

#endif
