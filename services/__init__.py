"""Operations: everything that can be asked for.

One public operation is one transaction, and none calls another by its public name: steps are plain functions that
take the context of the operation. May import storage, files and domain.
"""
