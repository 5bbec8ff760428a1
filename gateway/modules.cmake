# The map of the house: every module, its folder, and whose headers it may include. CMake builds from this table and
# tests/boundary checks every include line against it. SHOWS: in its headers; USES: in its .cc files alone; LIBS: outside.

module(base gateway/base LIBS OpenSSL::Crypto spdlog fmt boost_json icuuc)
module(record gateway/record SHOWS base LIBS date-tz)

# Adapters: bytes of a sector's format to contributions. They know nothing of the gateway but port, record and base.
module(port adapters/port SHOWS base record)
module(hl7v2 adapters/formats/hl7v2 SHOWS base LIBS icuuc)
module(fhir adapters/formats/fhir SHOWS base LIBS simdjson boost_json)
module(xml adapters/formats/xml SHOWS base LIBS pugixml)
module(resources adapters/resources SHOWS base record fhir)
module(mllp adapters/transports/mllp SHOWS port base record LIBS OpenSSL::SSL OpenSSL::Crypto)
module(folder adapters/transports/folder SHOWS port base record)
module(acute adapters/acute SHOWS port base record USES hl7v2)
module(primary adapters/primary SHOWS port base record USES fhir resources)

# The edge: who may come in, and who they are.
module(workers gateway/workers SHOWS base)
module(ingress gateway/ingress SHOWS base record LIBS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
module(authenticate gateway/authenticate SHOWS base record LIBS cjose OpenSSL::Crypto boost_json)

# The steps.
module(wire gateway/wire SHOWS base record USES proto)
module(audit gateway/audit SHOWS base LIBS OpenSSL::Crypto Threads::Threads boost_json)
module(store gateway/store SHOWS base record LIBS icuuc icui18n)
module(sqlite gateway/store/sqlite SHOWS base record store LIBS sqlite3)
include(gateway/store/sqlite/migrations/embed.cmake)
module(normalise gateway/normalise SHOWS base record LIBS csv)
module(identify gateway/identify SHOWS base record store)
module(receive gateway/receive SHOWS base record port store normalise identify USES audit wire LIBS boost_json)

# The decision: pure, explainable, the same on any later day.
module(decide gateway/decide SHOWS base record)

# The use cases: each decides, audits, and only then answers.
module(disclose gateway/disclose SHOWS base record store audit decide identify wire LIBS boost_json)
module(govern gateway/govern SHOWS base record store audit decide identify disclose LIBS boost_json)

# The gRPC edge: one thin file per service of the contract.
module(serve gateway/serve
       SHOWS base record port disclose govern store decide identify workers ingress proto wire
       USES proto_grpc audit
       LIBS prometheus-cpp-core Threads::Threads)

# The command line.
module(command gateway/command SHOWS base record port normalise USES proto_grpc audit decide LIBS boost_json date-tz)
module(settings gateway/settings SHOWS base record port ingress authenticate normalise identify disclose)
